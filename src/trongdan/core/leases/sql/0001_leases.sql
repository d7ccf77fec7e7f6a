-- Work without the network (design 4, 10): devices, references lent to them beforehand, and what came from them that a person
-- must look at. No word of any letter stands here in the clear.
CREATE TABLE td_device (
    id      uuid PRIMARY KEY,
    agency  text        NOT NULL,
    desk    text        NOT NULL,  -- "agency/role" that works with it
    name    text        NOT NULL,  -- what the desk calls it: "máy quầy 1"
    secret  bytea       NOT NULL,  -- sha256 of what its cookie holds
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by uuid        NOT NULL,
    seen_at timestamptz,
    lost_at timestamptz,           -- reported lost: nothing lent to it counts from then on
    lost_by uuid
);
CREATE INDEX td_device_agency ON td_device (agency, made_at);

CREATE TABLE td_lease (
    reference text PRIMARY KEY,
    device    uuid        NOT NULL REFERENCES td_device,
    person    uuid        NOT NULL,
    post      text        NOT NULL,
    desk      text        NOT NULL,
    leased_at timestamptz NOT NULL,
    until     date        NOT NULL,
    used_at   timestamptz,
    item      uuid UNIQUE,         -- the device's own id of what it sent under this reference
    box       bytea,               -- sha256 of what it sent: the same again gets the same answer
    case_id   uuid
);
CREATE INDEX td_lease_device ON td_lease (device, person) WHERE used_at IS NULL;
CREATE INDEX td_lease_desk ON td_lease (desk, leased_at DESC);

-- What could not be taken in by itself. The box stays sealed to the server's key until a person looks at it.
CREATE TABLE td_held (
    item        uuid PRIMARY KEY,
    desk        text        NOT NULL,
    device      uuid        NOT NULL,
    reference   text        NOT NULL,  -- as the slip says
    person      uuid,                  -- who typed it, as the lease says; NULL when the lease is not ours
    box         bytea,
    digest      bytea       NOT NULL,  -- sha256 of the box
    code        text        NOT NULL,  -- of the refusal
    words       text        NOT NULL,
    held_at     timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz,
    settled_by  uuid,
    settled_how text CHECK (settled_how IN ('recorded', 'same')),
    case_id     uuid,
    told        text        NOT NULL DEFAULT ''  -- the reference it went in under, or the letter it repeats
);
CREATE INDEX td_held_open ON td_held (desk, held_at) WHERE settled_at IS NULL;

ALTER TABLE td_device ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_held ENABLE ROW LEVEL SECURITY;
-- A device is known to its whole agency, so that whoever hears of its loss can say so; what it did, to its desk alone.
CREATE POLICY own ON td_device FOR ALL TO td_web USING ((SELECT td_scope_all()) OR agency = ANY ((SELECT td_scope_agencies())::text[]))
    WITH CHECK (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY own ON td_lease FOR ALL TO td_web USING ((SELECT td_scope_all()) OR desk = ANY ((SELECT td_scope_posts())::text[]))
    WITH CHECK (desk = ANY ((SELECT td_scope_posts())::text[]));
CREATE POLICY own ON td_held FOR ALL TO td_web USING ((SELECT td_scope_all()) OR desk = ANY ((SELECT td_scope_posts())::text[]))
    WITH CHECK (desk = ANY ((SELECT td_scope_posts())::text[]));
CREATE POLICY sweep ON td_held FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
GRANT SELECT, INSERT, UPDATE (seen_at, lost_at, lost_by) ON td_device TO td_web;
GRANT SELECT, INSERT, UPDATE (used_at, item, box, case_id) ON td_lease TO td_web;
GRANT SELECT, INSERT, UPDATE (box, settled_at, settled_by, settled_how, case_id, told) ON td_held TO td_web;
GRANT SELECT, UPDATE (box) ON td_held TO td_job;
