"""The floor: one field and its echo."""

import streamlit as st

rate = st.number_input("Learning rate", 1e-12, 1e6, 0.01, step=0.001, format="%g", key="learning_rate")
st.write(f"echo {rate:.4f}")
