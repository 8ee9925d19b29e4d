"""The files in deploy/: what can be known of them without a cluster and without containers."""

import json
import re
import subprocess
from pathlib import Path
from string import Template
from typing import Any

import jsonschema
import pytest
import yaml

from app.server import Configuration
from app.server.configuration import PREFIX
from deploy import nginx

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests" / "kubernetes.schema.json").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
REPLICAS = {name: service for name, service in COMPOSE["services"].items() if name.startswith("replica")}
PORT = 8501


def manifest(kind: str) -> dict[str, Any]:
    (found,) = [one for one in MANIFESTS if one["kind"] == kind]
    return found


def faults(manifest: dict[str, Any]) -> list[str]:
    return [fault.message for fault in jsonschema.Draft202012Validator(SCHEMA).iter_errors(manifest)]


def changed(manifest: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy in which the value at a path of keys is another."""
    copy: dict[str, Any] = json.loads(json.dumps(manifest))
    *keys, last = path.split(".")
    inner = copy
    for key in keys:
        inner = inner[key]
    inner[last] = value
    return copy


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: str(one["kind"]))
def test_kubernetes_knows_every_word_of_the_manifests(manifest: dict[str, Any]) -> None:
    assert faults(manifest) == []


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("Deployment", "spec.template.spec.securityContext.runAsNonRoots", True),
        ("Deployment", "spec.template.spec.terminationGracePeriodSeconds", "5 s"),
        ("Service", "apiVersion", "v2"),
        ("Ingress", "spec.rules", {}),
        ("HorizontalPodAutoscaler", "spec.metrics", [{"type": "Resource", "resources": {}}]),
        ("PodDisruptionBudget", "kind", "Budget"),
    ],
)
def test_a_word_that_kubernetes_does_not_know_is_a_fault(kind: str, path: str, value: Any) -> None:
    assert faults(changed(manifest(kind), path, value))


def test_the_manifests_speak_of_the_same_pods() -> None:
    pod = manifest("Deployment")["spec"]["template"]
    labels, (container,) = pod["metadata"]["labels"], pod["spec"]["containers"]
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert manifest(kind)["spec"]["selector"]["matchLabels"] == labels
    service = manifest("Service")
    assert service["spec"]["selector"] == labels
    assert service["spec"]["ports"][0]["targetPort"] in [port["name"] for port in container["ports"]]
    target = manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert target["name"] == manifest("Deployment")["metadata"]["name"]
    (rule,) = manifest("Ingress")["spec"]["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"] == {
        "name": service["metadata"]["name"],
        "port": {"name": "http"},
    }
    assert rule["host"] in Configuration.of(variables_of_the_pod()).allowed_hosts


def variables_of_the_pod() -> dict[str, str]:
    (container,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", "") for one in container["env"]}


def variables_of_a_replica() -> dict[str, str]:
    return {name: str(value) for name, value in REPLICAS["replica-1"]["environment"].items()}


@pytest.mark.parametrize("variables", [variables_of_the_pod(), variables_of_a_replica()], ids=["Kubernetes", "compose"])
def test_containers_set_variables_that_the_server_knows(variables: dict[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Configuration.__dataclass_fields__}
    assert {*variables} - known == {"STREAMLIT_SERVER_COOKIE_SECRET"}
    given = {name: value for name, value in variables.items() if "${" not in value}
    assert Configuration.of(given).log_runs


def test_containers_can_write_to_tmp_alone_and_have_no_rights() -> None:
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
    user = re.search(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert user
    assert pod["securityContext"]["runAsUser"] == int(user[1])
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp"]


def test_nginx_knows_every_replica_of_compose_by_its_address() -> None:
    addresses = [f"{service['networks']['inside']['ipv4_address']}:{PORT}" for service in REPLICAS.values()]
    told = COMPOSE["services"]["nginx"]["environment"]
    assert re.findall(r"server (\S+);", told["SERVERS"]) == addresses
    assert re.findall(r"(\d+) (\S+);", told["ADDRESSES"]) == [(str(i), one) for i, one in enumerate(addresses, 1)]
    assert re.findall(r"(\S+) (\d+);", told["NUMBERS"]) == [(one, str(i)) for i, one in enumerate(addresses, 1)]
    assert {*COMPOSE["services"]["nginx"]["depends_on"]} == {*REPLICAS}


@pytest.mark.skipif(nginx.find() is None, reason=nginx.HOW_TO_INSTALL)
def test_nginx_takes_the_configuration_of_compose(tmp_path: Path) -> None:
    told = COMPOSE["services"]["nginx"]["environment"]
    # As the image's envsubst does it: what is no variable of the environment stays.
    filled = Template(nginx.TEMPLATE.read_text()).safe_substitute(told)
    assert "${" not in filled
    (tmp_path / "nginx.conf").write_text(filled)
    tmp_path.chmod(0o711)
    command = [str(nginx.find()), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert "test is successful" in answer.stderr
