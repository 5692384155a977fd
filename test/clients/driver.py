"""Runs one conductor-python: commands come in as JSON lines, and each is answered with one.

{"open": {"url", "key", "secret"}} makes the client and answers the names of its methods; {"call": NAME, "args": [...]}
calls one. An object with "$" is built as the client's own class of that name. Anything that leaves the loopback
interface ends the process.
"""

import dataclasses
import ipaddress
import json
import sys

answers = sys.stdout
sys.stdout = sys.stderr


def stay_home(event, args):
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = args[1][0]
    else:
        return
    if host == "localhost" or ipaddress.ip_address(host).is_loopback:
        return
    raise SystemExit(f"the client wants to reach {host}")


sys.addaudithook(stay_home)

from conductor.client.configuration.configuration import Configuration
from conductor.client.configuration.settings.authentication_settings import AuthenticationSettings
from conductor.client.http.models.save_schedule_request import SaveScheduleRequest
from conductor.client.http.models.start_workflow_request import StartWorkflowRequest
from conductor.client.orkes.models.metadata_tag import MetadataTag
from conductor.client.orkes.orkes_scheduler_client import OrkesSchedulerClient

classes = {
    "SaveScheduleRequest": SaveScheduleRequest,
    "StartWorkflowRequest": StartWorkflowRequest,
    "MetadataTag": MetadataTag,
}
try:
    from conductor.client.ai.schedule import Schedule, ScheduleInfo

    classes["Schedule"] = Schedule
    # Every field is required there, and a run needs two of them.
    classes["ScheduleInfo"] = lambda **given: ScheduleInfo(
        **{field.name: given.get(field.name) for field in dataclasses.fields(ScheduleInfo)}
    )
except ImportError:
    pass  # 1.5.1 has no schedules of agents.


def build(value):
    if isinstance(value, list):
        return [build(item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {key: build(item) for key, item in value.items() if key != "$"}
    return classes[value["$"]](**fields) if "$" in value else fields


def open_client(url, key, secret):
    configuration = Configuration(
        server_api_url=url, authentication_settings=AuthenticationSettings(key_id=key, key_secret=secret)
    )
    return OrkesSchedulerClient(configuration)


client = None
for line in sys.stdin:
    command = json.loads(line)
    try:
        if "open" in command:
            client = open_client(**command["open"])
            result = [name for name in dir(OrkesSchedulerClient) if not name.startswith("_")]
        else:
            result = getattr(client, command["call"])(*build(command["args"]))
        answer = {"returns": client.api_client.sanitize_for_serialization(result)}
    except Exception as error:
        answer = {
            "raises": type(error).__name__,
            "status": getattr(error, "status", None),
            "says": getattr(error, "body", None) or str(error),
        }
    print(json.dumps(answer), file=answers, flush=True)
