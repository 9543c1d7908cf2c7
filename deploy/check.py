"""Checks compose.yaml and deploy/kubernetes against the published schemas, offline. Run by .ci/run.

What the schemas don't know (that a variable is one of the program's, that ports fit) src/deployment.rs checks.
"""

import re
import subprocess
import sys
from pathlib import Path

import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parent.parent
problems = []

for name in ("compose.yaml", "xtask/engines/compose.yaml"):
    # What the environment fills in is a port, or may be anything. The merges are YAML's own; `x-` is where what is merged stands.
    whole = yaml.safe_load(re.sub(r"\$\{[^}]*\}", "1024", (ROOT / name).read_text()))
    compose = {key: value for key, value in whole.items() if not key.startswith("x-")}
    try:
        PyCompose.from_yaml(yaml.safe_dump(compose)).validate()
    except ValueError as error:
        problems.append(f"{name}: {error}")
    for service, of in compose["services"].items():
        for volume in of.get("volumes", []):
            source = volume.split(":")[0]
            if not source.startswith(("/", ".")) and source not in compose.get("volumes", {}):
                problems.append(f"{name}: {service} uses the volume {source}, which is none")
        for needed in of.get("depends_on", {}):
            if needed not in compose["services"]:
                problems.append(f"{name}: {service} waits for {needed}, which is no service")

manifests = sorted(it for it in (ROOT / "deploy/kubernetes").glob("*.yaml") if it.name != "kustomization.yaml")
validated = subprocess.run(
    [Path(sys.executable).with_name("kubernetes-validate"), "--strict", "--quiet", *manifests],
    capture_output=True,
    text=True,
)
if validated.returncode != 0:
    problems.append(validated.stdout + validated.stderr)

for problem in problems:
    print(problem, file=sys.stderr)
if problems:
    sys.exit(1)
print(f"2 compose files and {len(manifests)} manifests fit their schemas")
