"""What .streamlit/config.toml promises, as Streamlit reads it for the server and for these tests alike."""

from streamlit import config


def test_a_script_does_not_end_with_a_collection_of_all_garbage() -> None:
    assert config.get_option("runner.postScriptGC") is False
