"""Holds the documents of a YAML file against the schemas of Kubernetes resource definitions; an unknown member is an error too."""

import sys
from pathlib import Path

import jsonschema
import yaml

documents, *definitions = sys.argv[1:]


def strict(schema):
    """As the API server under `--validate=strict`: what a schema does not name is not there."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: strict(member) for name, member in schema.items()}
    if "properties" in changed and "additionalProperties" not in changed:
        changed["additionalProperties"] = changed.get("x-kubernetes-preserve-unknown-fields", False)
    if changed.get("x-kubernetes-int-or-string"):
        changed.pop("type", None)
    return changed


schemas = {}
for file in definitions:
    definition = yaml.safe_load(Path(file).read_text())["spec"]
    for version in definition["versions"]:
        kind = (f"{definition['group']}/{version['name']}", definition["names"]["kind"])
        schemas[kind] = strict(version["schema"]["openAPIV3Schema"]["properties"]["spec"])

problems = []
checked = 0
for document in yaml.safe_load_all(Path(documents).read_text()):
    kind = (document["apiVersion"], document["kind"])
    unknown = set(document) - {"apiVersion", "kind", "metadata", "spec"}
    problems += [f"{kind[1]}: {name} is not known" for name in sorted(unknown)]
    for error in jsonschema.Draft202012Validator(schemas[kind]).iter_errors(document["spec"]):
        problems.append(f"{kind[1]}: {error.json_path}: {error.message}")
    checked += 1
print("\n".join(problems) or f"{checked} documents")
sys.exit(len(problems) > 0)
