"""Names every argument of a Terraform module that its provider does not take, and every one that it demands and is not there.

The module is read by python-hcl2, the arguments from the provider's generated bindings, by their syntax alone: nothing of them is run.
"""

import ast
import sys
from pathlib import Path

import hcl2

module, bindings = (Path(argument) for argument in sys.argv[1:])

SOURCES = {
    "huaweicloud_fgs_function": "functiongraph/function.py",
    "huaweicloud_lts_group": "lts/group.py",
    "huaweicloud_lts_stream": "lts/stream.py",
    "huaweicloud_apig_group": "dedicatedapig/group.py",
    "huaweicloud_identity_role": "iam/role.py",
    "huaweicloud_identity_agency": "iam/agency.py",
}
# Newer than the bindings: the arguments of its page in the provider's documentation.
DOCUMENTED = {
    "huaweicloud_fgs_function_trigger": ({"region", "function_urn", "type", "event_data", "status"}, {"function_urn", "type", "event_data"})
}
# Newer than the bindings, by the provider's documentation.
ADDED = {"huaweicloud_fgs_function": {"enable_lts_log"}}
LANGUAGE = {"count", "for_each", "lifecycle", "depends_on", "provider"}


def arguments(kind):
    """What the resource takes, and what of it must be there."""
    if kind in DOCUMENTED:
        return DOCUMENTED[kind]
    tree = ast.parse((bindings / SOURCES[kind]).read_text())
    args = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Args"))
    init = next(node for node in args.body if isinstance(node, ast.FunctionDef) and node.name == "__init__").args
    names = [argument.arg for argument in init.kwonlyargs]
    # The bindings write a list in the plural.
    every = set(names) | {name.removesuffix("s") for name in names} | ADDED.get(kind, set())
    return every, {name for name, default in zip(names, init.kw_defaults) if default is None}


checked = 0
problems = []
for file in sorted(module.glob("*.tf")):
    for block in hcl2.loads(file.read_text()).get("resource", []):
        for kind, named in block.items():
            kind = kind.strip('"')
            for name, body in named.items():
                given = {member for member in body if not member.startswith("__")} - LANGUAGE
                taken, demanded = arguments(kind)
                checked += len(given)
                problems += [f"{kind}.{name}: {argument} is not taken" for argument in sorted(given - taken)]
                problems += [f"{kind}.{name}: {argument} is missing" for argument in sorted(demanded - given)]
print("\n".join(problems) or f"{checked} arguments")
sys.exit(len(problems) > 0)
