"""What the terms beside widgets mean, in some fifteen words each, by the widget's key."""

from app.controls.optimizer import WIDGETS
from components.terms import terms

TERMS = {
    "learning_rate": "How far each step goes: the gradient times this. Too large, and the steps overshoot.",
    "epochs": "How often the descent sees all rows. With all rows in one batch: how many steps it takes.",
    "dataset": "A table: each row is one example, each column one quantity that was measured.",
    "target": "The column that is predicted: the model learns to come near its values.",
    "features": "The columns that it is predicted from. Each gets a weight of its own.",
    "scaling": "Standardized features have mean 0 and spread 1, so that one learning rate suits them all.",
    "degrees": "Powers of a feature, which bend the line: “hours³” adds hours² and hours³.",
    "interactions": "Adds the product of every two features as one more feature.",
    "missing": "What becomes of a row with an empty cell: it is left out, or filled in.",
    "optimizer": "The rule that makes a step of a gradient.",
    "schedule": "How the learning rate changes while the run goes on.",
    "batch_size": "Rows that each update sees, in an order drawn from the seed. 0: all rows at once.",
    "loss": "One number for how wrong all predictions are: the descent makes it small.",
    "l2": "Adds the sum of the squared weights, times this, to the loss: weights stay small (ridge).",
    "l1": "Adds the sum of the weights' sizes, times this, to the loss: some become 0 (lasso).",
    "held_out": "The share of rows that the descent never sees: how well does it predict them?",
    "gradient": "The slope of the loss for each parameter: by formulas written out, or by PyTorch's autograd.",
    "precision": "How exact the arithmetic is: float64 has 16 digits, float32 has 7.",
    "seed": "Draws the starting point, the batches and the held-out rows. The same seed, the same run.",
    "start": "Weights, then the bias, such as 0, 0. Empty: drawn from the seed.",
    "tolerance": "Stop when the loss changes by less than this fraction over 10 epochs. 0: never.",
    "loss_axis": "The loss falls by powers of ten: on a log axis each power has the same height.",
    "changes": "To the whole run, or from the epoch shown on: a run that changes as it goes.",
    "surface": "The loss of every pair of weights, as a map or in space; or of one weight alone.",
} | {key: says for key, (_, says) in WIDGETS.items()}


def explain_terms() -> None:
    terms(TERMS)
