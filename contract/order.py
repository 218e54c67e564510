"""Writes the order of the OpenAPI document to the shop on this port and prints its identifier and its customer's."""

import json
import os
import sys
import urllib.request

base = f"http://127.0.0.1:{sys.argv[1]}/v1"
document = json.load(urllib.request.urlopen(f"{base}/openapi.json"))
example = document["components"]["schemas"]["OrderBody"]["example"]
request = urllib.request.Request(
    f"{base}/orders",
    data=json.dumps(example).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['AFTERCARE_CONTRACT_KEY']}",
        "Content-Type": "application/json",
    },
)
order = json.load(urllib.request.urlopen(request))
print(order["id"], order["customer_id"])
