"""The chain of blocks, for anybody who wants to recompute it: hashes and digests, never an amount or a party."""

from typing import Any

from marshmallow import Schema, fields

from marketplace import insights
from marketplace.api.resource import Resource
from marketplace.insights import CheckRun
from marketplace.ledger import blocks
from marketplace.ledger.blocks import Block

resource = Resource("proof", "Proof", is_public=True)


class BlockOut(Schema):
    """One block. `previous` is the hash of the block before it, 64 zeros for the first; `total` counts the entries of
    all blocks up to it.
    """

    number = fields.Integer(required=True)
    hash = fields.String(required=True)
    previous = fields.String(required=True)
    sealed_at = fields.AwareDateTime(required=True, metadata={"description": "Whole seconds, +00:00."})
    entries = fields.Integer(required=True)
    total = fields.Integer(required=True)


class WholeBlockOut(BlockOut):
    """`hash` is the SHA-256 (hex) of these lines, joined by line feeds: `fairlead block 1`, `number`, `previous`,
    `sealed_at`, then each of `digests`.
    """

    digests = fields.List(fields.String(), required=True)


class CheckedOut(Schema):
    """When all rules of the books were last checked, which they are, and which of them did not hold."""

    at = fields.AwareDateTime(required=True)
    holds = fields.Boolean(required=True)
    rules = fields.List(fields.String(), required=True)
    broken = fields.List(fields.String(), required=True)


class ProofOut(Schema):
    """The newest block, how many entries wait for the next one, and the last check. Null where there is none yet."""

    head = fields.Nested(BlockOut, required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    checked = fields.Nested(CheckedOut, required=True, allow_none=True)


@resource.get("/proof")
@resource.doc(security=[])
@resource.response(200, ProofOut)
def proof() -> dict[str, Any]:
    """The head of the chain, and the last check of the books"""
    head, run = blocks.head(), insights.last_run()
    return {
        "head": _told(head) if head else None,
        "waiting": blocks.waiting().count,
        "checked": _checked(run) if run else None,
    }


@resource.get("/proof/<int:number>")
@resource.doc(security=[])
@resource.response(200, WholeBlockOut)
def one_block(number: int) -> dict[str, Any]:
    """One block, with what its hash is made of"""
    block, digests = blocks.find(number)
    return {**_told(block), "digests": [digest.hex() for digest in digests]}


def _told(block: Block) -> dict[str, Any]:
    return {
        "number": block.number,
        "hash": block.hash.hex(),
        "previous": block.previous.hex(),
        "sealed_at": block.sealed_at,
        "entries": block.entries,
        "total": block.total,
    }


def _checked(run: CheckRun) -> dict[str, Any]:
    return {"at": run.at, "holds": run.holds, "rules": run.rules, "broken": sorted(run.broken_codes)}
