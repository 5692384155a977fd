"""A plan as a script with Conductor's Python SDK makes it: reads the manifests of a folder, lists the schedules of a
server, and says which of them differ. It checks nothing and writes nothing. Called with the folder and the API's URL.
"""

import os
import sys

import yaml
from conductor.client.configuration.configuration import Configuration
from conductor.client.http.api_client import ApiClient
from conductor.client.orkes.orkes_scheduler_client import OrkesSchedulerClient

loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)


def holds(found, written):
    """Whether everything that was written is there."""
    if not isinstance(written, dict):
        return found == written
    return isinstance(found, dict) and all(holds(found.get(key), value) for key, value in written.items())


folder, url = sys.argv[1:]
manifests = [read(os.path.join(folder, name)) for name in sorted(os.listdir(folder))]
configuration = Configuration(server_api_url=url)
schedules = OrkesSchedulerClient(configuration).get_all_schedules()
observed = {one["name"]: one for one in ApiClient(configuration).sanitize_for_serialization(schedules)}
different = [one["name"] for one in manifests if not holds(observed.get(one["name"]), one)]
if different:
    print(f"Changed: {', '.join(different)}")
else:
    print(f"No changes. {len(manifests)} schedules.")
