"""The foundations: people, listings, leads, orders, disputes, ledger, events, jobs."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

from marketplace.kit.db import TransactionId

_SQL = Path(__file__).parents[1] / "sql"

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_offset",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_clock_offset_one_row")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_clock_offset")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tx", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("org_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("seq", name=op.f("uq_events_seq")),
    )
    op.create_index(op.f("ix_events_name"), "events", ["name"], unique=False)
    op.create_index("ix_events_subject_id_seq", "events", ["subject_id", "seq"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tx", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entries_key")),
    )
    op.create_index("ix_ledger_entries_reference_id", "ledger_entries", ["reference_id"], unique=False)
    op.create_table(
        "ledger_kinds",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("is_guarded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_ledger_kinds")),
    )
    op.create_table(
        "stripe_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_events_stripe_id")),
    )
    op.create_index(
        "ix_stripe_events_open",
        "stripe_events",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "tries",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "window_start", name=op.f("pk_tries")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "events_pending",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_events_pending_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events_pending")),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("is_guarded", sa.Boolean(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_accounts_never_negative")),
        sa.CheckConstraint("is_guarded = (balance IS NOT NULL)", name=op.f("ck_ledger_accounts_guarded_has_balance")),
        sa.ForeignKeyConstraint(["kind"], ["ledger_kinds.kind"], name=op.f("fk_ledger_accounts_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint(
            "kind",
            "owner_id",
            "currency",
            name=op.f("uq_ledger_accounts_kind_owner_id_currency"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("to_address", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_letters_state")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("reference", name=op.f("uq_letters_reference")),
    )
    op.create_index(op.f("ix_letters_created_at"), "letters", ["created_at"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('agency', 'buyer', 'staff')", name=op.f("ck_organisations_kind")),
        sa.ForeignKeyConstraint(["verified_by"], ["users.id"], name=op.f("fk_organisations_verified_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_api_keys_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
    )
    op.create_index(op.f("ix_api_keys_org_id"), "api_keys", ["org_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_invitations_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_org_id"), "invitations", ["org_id"], unique=False)
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_postings_moves_something")),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_accounts.id"], name=op.f("fk_ledger_postings_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
    )
    op.create_index("ix_ledger_postings_account_id_id", "ledger_postings", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_ledger_postings_entry_id"), "ledger_postings", ["entry_id"], unique=False)
    op.create_table(
        "listings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vertical", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pricing", sa.String(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("exclusivity", sa.String(), nullable=False),
        sa.Column("max_buyers", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("default_country", sa.String(), nullable=False),
        sa.Column("temperature", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("incentive", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(exclusivity = 'exclusive' AND max_buyers = 1) OR (exclusivity = 'shared' AND max_buyers BETWEEN 2 AND 5)",
            name=op.f("ck_listings_buyers"),
        ),
        sa.CheckConstraint(
            "kind <> 'targeted' OR exclusivity = 'exclusive'", name=op.f("ck_listings_targeted_is_exclusive")
        ),
        sa.CheckConstraint("state IN ('draft', 'active', 'paused', 'archived')", name=op.f("ck_listings_state")),
        sa.CheckConstraint("price_cents > 0", name=op.f("ck_listings_price")),
        sa.CheckConstraint("window_days BETWEEN 3 AND 14", name=op.f("ck_listings_window")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_listings_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index("ix_listings_agency_id_id", "listings", ["agency_id", "id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'manager', 'member', 'finance')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_memberships_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", "org_id", name=op.f("uq_memberships_user_id_org_id")),
    )
    op.create_index(op.f("ix_memberships_org_id"), "memberships", ["org_id"], unique=False)
    op.create_table(
        "terms_acceptances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_terms_acceptances_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_terms_acceptances_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
        sa.UniqueConstraint("org_id", "document", "version", name=op.f("uq_terms_acceptances_org_id_document_version")),
    )
    op.create_table(
        "top_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs_3ds", sa.Boolean(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("checkout_url", sa.String(), nullable=True),
        sa.Column("payment_intent_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('created', 'processing', 'succeeded', 'expired', 'failed')", name=op.f("ck_top_ups_state")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_top_ups_amount")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_top_ups_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_ups")),
        sa.UniqueConstraint("payment_intent_id", name=op.f("uq_top_ups_payment_intent_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_top_ups_session_id")),
    )
    op.create_index(
        "ix_top_ups_open",
        "top_ups",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('created', 'processing')"),
    )
    op.create_index("ix_top_ups_org_id_id", "top_ups", ["org_id", "id"], unique=False)
    op.create_index(
        "ix_top_ups_unsettled",
        "top_ups",
        ["credited_at"],
        unique=False,
        postgresql_where=sa.text("state = 'succeeded' AND settled_at IS NULL"),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_itself", sa.Boolean(), nullable=False),
        sa.Column("guess", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("consent", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done = accepted + rejected + held", name=op.f("ck_imports_adds_up")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_imports_agency_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_imports_listing_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_imports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_agency_id_id", "imports", ["agency_id", "id"], unique=False)
    op.create_table(
        "listing_versions",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_versions_listing_id")),
        sa.PrimaryKeyConstraint("listing_id", "number", name=op.f("pk_listing_versions")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("import_row", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("vertical", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("slots_total", sa.SmallInteger(), nullable=False),
        sa.Column("slots_taken", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("postal_prefix", sa.String(), nullable=True),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("contact_type", sa.String(), nullable=False),
        sa.Column("temperature", sa.String(), nullable=True),
        sa.Column("qualification", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sub_id", sa.String(), nullable=True),
        sa.Column("campaign", sa.String(), nullable=True),
        sa.Column("preview", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('available', 'sold_out', 'expired', 'withdrawn')", name=op.f("ck_leads_state")),
        sa.CheckConstraint("slots_taken BETWEEN 0 AND slots_total", name=op.f("ck_leads_slots")),
        sa.CheckConstraint("slots_total BETWEEN 1 AND 5", name=op.f("ck_leads_slots_total")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_leads_agency_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_leads_import_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_leads_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("listing_id", "external_id", name=op.f("uq_leads_listing_id_external_id")),
    )
    op.create_index("ix_leads_agency_id_id", "leads", ["agency_id", "id"], unique=False)
    op.create_index("ix_leads_import_id", "leads", ["import_id", "import_row"], unique=False)
    op.create_index(op.f("ix_leads_listing_id"), "leads", ["listing_id"], unique=False)
    op.create_index(
        "ix_leads_on_sale",
        "leads",
        ["submitted_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'available'"),
    )
    op.create_index(
        "ix_leads_on_sale_vertical",
        "leads",
        ["vertical", "submitted_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'available'"),
    )
    op.create_table(
        "contact_reads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_contact_reads_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_reads")),
    )
    op.create_index("ix_contact_reads_lead_id_at", "contact_reads", ["lead_id", "at"], unique=False)
    op.create_table(
        "contact_rights",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_contact_rights_lead_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_contact_rights_org_id")),
        sa.PrimaryKeyConstraint("lead_id", "org_id", name=op.f("pk_contact_rights")),
    )
    op.create_table(
        "lead_keys",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_keys_lead_id")),
        sa.PrimaryKeyConstraint("lead_id", "kind", name=op.f("pk_lead_keys")),
    )
    op.create_index("ix_lead_keys_agency_id_digest", "lead_keys", ["agency_id", "digest"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("listing_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("refunded_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_bp", sa.Integer(), nullable=False),
        sa.Column("reserve_bp", sa.Integer(), nullable=False),
        sa.Column("reserve_days", sa.Integer(), nullable=False),
        sa.Column("reserve_paid", sa.Boolean(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("releasable_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserve_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('held', 'disputed', 'partly_refunded', 'refunded', 'released')", name=op.f("ck_orders_state")
        ),
        sa.CheckConstraint("buyer_id <> agency_id", name=op.f("ck_orders_not_own_lead")),
        sa.CheckConstraint(
            "fee_bp BETWEEN 0 AND 10000 AND reserve_bp BETWEEN 0 AND 10000", name=op.f("ck_orders_rates")
        ),
        sa.CheckConstraint("refunded_cents BETWEEN 0 AND price_cents", name=op.f("ck_orders_refunded")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_orders_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_orders_buyer_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_orders_lead_id")),
        sa.ForeignKeyConstraint(
            ["listing_id", "listing_version"],
            ["listing_versions.listing_id", "listing_versions.number"],
            name=op.f("fk_orders_listing_id_listing_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("lead_id", "buyer_id", name=op.f("uq_orders_lead_id_buyer_id")),
        sa.UniqueConstraint("lead_id", "slot", name=op.f("uq_orders_lead_id_slot")),
    )
    op.create_index("ix_orders_agency_id_id", "orders", ["agency_id", "id"], unique=False)
    op.create_index("ix_orders_buyer_id_id", "orders", ["buyer_id", "id"], unique=False)
    op.create_index(
        "ix_orders_due",
        "orders",
        ["releasable_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('held', 'partly_refunded')"),
    )
    op.create_index(
        "ix_orders_reserve_due",
        "orders",
        ["reserve_until"],
        unique=False,
        postgresql_where=sa.text("state = 'released' AND NOT reserve_paid"),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("refund_percent", sa.Integer(), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=True),
        sa.Column("early_reason", sa.String(), nullable=True),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'upheld', 'partly_upheld', 'rejected', 'withdrawn', 'conceded')",
            name=op.f("ck_disputes_state"),
        ),
        sa.CheckConstraint("refund_percent IN (0, 25, 50, 100)", name=op.f("ck_disputes_refund_percent")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_disputes_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_disputes_buyer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_disputes_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_agency_id_id", "disputes", ["agency_id", "id"], unique=False)
    op.create_index("ix_disputes_buyer_id_id", "disputes", ["buyer_id", "id"], unique=False)
    op.create_index(op.f("ix_disputes_order_id"), "disputes", ["order_id"], unique=False)
    op.create_index(
        "uq_disputes_one_open",
        "disputes",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'answered')"),
    )
    op.create_table(
        "dispute_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_evidence_dispute_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_dispute_evidence_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_evidence")),
    )
    op.create_index(op.f("ix_dispute_evidence_dispute_id"), "dispute_evidence", ["dispute_id"], unique=False)
    for name in ("0001_ledger.sql", "0001_orders.sql"):
        _run((_SQL / name).read_text())
    _run(SchemaManager.get_schema())


def _run(script: str) -> None:
    """A script of several statements, as written: no parameters, no percent signs read."""
    op.get_bind().connection.driver_connection.execute(script)


def downgrade() -> None:
    raise RuntimeError("there is nothing before the foundations: restore a backup instead")
