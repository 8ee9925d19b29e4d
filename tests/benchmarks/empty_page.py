"""The lower bound for a rerun: a field and a slider, each of which is only echoed."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # Streamlit puts only this folder there
    sys.path.insert(0, str(ROOT))

from components.log_slider import log_slider  # noqa: E402

rate = st.number_input("Learning rate", 1e-12, 1e6, 0.01, step=0.001, format="%g", key="learning_rate")
st.write(f"echo {rate:.4f}")
moves = st.session_state.setdefault("moves", [0.01])
log_slider(
    "Learning rate", key="slider", value=moves[-1], low=1e-6, high=10.0, whole=False,
    moved=lambda: moves.append(st.session_state.slider.moved),
)  # fmt: skip
st.write(f"move {len(moves)}")
