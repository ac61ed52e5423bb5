#!/usr/bin/env python3
"""Checks manifests against JobSet's own schema, every field that it does not know being an error.

  python3 -m pip install pyyaml jsonschema
  curl -sO https://raw.githubusercontent.com/kubernetes-sigs/jobset/main/config/components/crd/bases/jobset.x-k8s.io_jobsets.yaml
  python3 tools/check_launch.py jobset.x-k8s.io_jobsets.yaml configs/launch/*.yaml

Last run with JobSet 08dfbdf (18 August 2026), v1alpha2: no errors.
"""

import sys

import jsonschema
import yaml


def close(schema):
    """Refuses unknown fields, as `kubectl apply --validate=strict` does."""
    if isinstance(schema, list):
        for part in schema:
            close(part)
    elif isinstance(schema, dict):
        if schema.get("x-kubernetes-int-or-string"):
            schema.pop("type", None)
            schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]
        elif schema.get("type") == "object" and "properties" in schema:
            if not schema.get("x-kubernetes-preserve-unknown-fields"):
                schema.setdefault("additionalProperties", False)
        for part in schema.values():
            close(part)


def main():
    with open(sys.argv[1]) as file:
        versions = {v["name"]: v for v in yaml.safe_load(file)["spec"]["versions"]}
    wrong = 0
    for name in sys.argv[2:]:
        with open(name) as file:
            manifest = yaml.safe_load(file)
        version = versions[manifest["apiVersion"].split("/")[1]]
        schema = version["schema"]["openAPIV3Schema"]
        close(schema)
        schema["properties"]["metadata"] = {"type": "object"}
        for error in jsonschema.Draft7Validator(schema).iter_errors(manifest):
            place = ".".join(str(part) for part in error.absolute_path)
            print(f"{name}: {place}: {error.message}")
            wrong += 1
    print(f"{len(sys.argv) - 2} manifests, {wrong} errors")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
