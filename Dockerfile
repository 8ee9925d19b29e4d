ARG BASE_IMAGE=python:3.11-slim-bookworm
FROM ${BASE_IMAGE}

# A further package index to look for torch in. The default torch on Linux brings gigabytes for graphics cards;
# PyTorch's CPU index has a small one without: --build-arg TORCH_INDEX=<its URL>
ARG TORCH_INDEX=

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

RUN useradd --uid 10001 --create-home learner

WORKDIR /playground

# Before the source: a changed line of code must not install torch again.
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check \
    ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt

COPY .streamlit .streamlit
COPY sample_data sample_data
COPY components components
COPY app app
# A checkout made under a strict umask is readable by its owner alone.
RUN chmod -R a+rX .

USER 10001
EXPOSE 8501

# No proxy: one in the environment must not be asked for this very machine.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["python", "-m", "streamlit", "run", "app/main.py", "--server.address", "0.0.0.0", "--server.port", "8501", "--server.headless", "true", "--browser.serverAddress", "localhost", "--client.showErrorDetails", "none"]
