"""A settings file holds a link and its table; what is none of ours gets one sentence and changes nothing."""

import base64
import json
from typing import Any

from streamlit.testing.v1 import AppTest

from app.dataset.settings_file import FORMAT, is_settings_file, read_settings_file
from tests.page import address, arrive, bring, checked, message

PARAMETERS = {"dataset": ["Yours: own.csv"], "features": ["a", "b=&c"], "learning_rate": ["0.02"]}
CONTENT = b"a,b\n1,2\n"


def saved(**other: Any) -> bytes:
    table = {"name": "own.csv", "base64": base64.b64encode(CONTENT).decode()}
    return json.dumps({"format": FORMAT, "version": 1, "parameters": PARAMETERS, "table": table, **other}).encode()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "cut short": (saved()[:150], "cut short"),
    "cut at its end": (saved()[:-1], "cut short"),
    "not UTF-8": (saved() + b"\xff", "cut short"),
    "deeply nested": (saved()[:-1] + b',"x":' + b"[" * 100_000, "cut short"),
    "a huge number": (saved()[:-1] + b',"x":' + b"9" * 10_000 + b"}", "cut short"),
    "another version": (saved(version=2), "another version"),
    "no version": (saved(version="1.0"), "has not saved it so"),
    "parameters are a list": (saved(parameters=[]), "has not saved it so"),
    "a parameter that is a number": (saved(parameters={"epochs": [7]}), "has not saved it so"),
    "a parameter that is one text": (saved(parameters={"epochs": "7"}), "has not saved it so"),
    "a name that is no parameter's": (saved(parameters={"<script>": ["7"]}), "has not saved it so"),
    "a parameter of Streamlit's": (saved(parameters={"embed_options": ["dark_theme"]}), "has not saved it so"),
    "too many letters": (saved(parameters={"start": ["7" * 60_000]}), "has not saved it so"),
    "too many parameters": (saved(parameters={f"x{i}": ["1"] for i in range(201)}), "has not saved it so"),
    "a table for other settings": (saved(table={"name": "x.csv", "base64": ""}), "has not saved it so"),
    "a table that is no Base64": (saved(table={"name": "own.csv", "base64": "%%%"}), "has not saved it so"),
    "a table that is a number": (saved(table=7), "has not saved it so"),
    "no table": (
        json.dumps({"format": FORMAT, "version": 1, "parameters": PARAMETERS}).encode(),
        "has not saved it so",
    ),
    "from elsewhere": (b'{"settings": {"rate": 0.1}}', "a JSON file"),
}


def test_a_file_holds_parameters_and_table() -> None:
    file = read_settings_file(saved())
    assert file.table == ("own.csv", CONTENT)
    assert file.query == "dataset=Yours%3A+own.csv&features=a&features=b%3D%26c&learning_rate=0.02"
    assert is_settings_file(saved())
    assert not is_settings_file(CONTENT)
    assert read_settings_file(saved(table=None)).table is None


def test_a_file_that_share_has_not_saved_gets_one_sentence_and_changes_nothing() -> None:
    page = arrive(epochs="5")
    before = message(page)["run"], address(page)
    for what, (content, says) in HOSTILE.items():
        page.file_uploader[0].set_value(("settings.json", content, "application/json"))
        (error,) = checked(page.run()).error
        assert says in error.value.replace("\\", ""), what
        assert (message(page)["run"], address(page)) == before, what
        assert not opens(page), what
    bring(page, b"x,y\n1,2\n2,4\n3,7\n")
    assert not page.error


def test_a_file_that_share_has_saved_leads_to_its_address() -> None:
    page = arrive(epochs="5")
    page.file_uploader[0].set_value(("settings.json", saved(), "application/json"))
    assert opens(checked(page.run())) == ["dataset=Yours%3A+own.csv&features=a&features=b%3D%26c&learning_rate=0.02"]
    assert not page.error


def opens(page: AppTest) -> list[str]:
    """The addresses to which the browser is led."""
    found = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "go_to"]
    return [json.loads(one.json)["parameters"] for one in found]
