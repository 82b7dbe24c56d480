-- Templates that are written here, and what becomes of them at Meta.
--
-- A template that Meta does not know yet has the status `draft` and an empty meta_template_id. `edit` is what
-- was written here and not handed in: for a draft the same as its row, for others the next version; a listing
-- of Meta's never touches it. While `submitting_at` is set, a submission's outcome is not recorded yet.
ALTER TABLE templates ADD COLUMN previous_category {text};
ALTER TABLE templates ADD COLUMN category_changed_at {int};
ALTER TABLE templates ADD COLUMN announced_category {text};
ALTER TABLE templates ADD COLUMN rejection_words {text};
ALTER TABLE templates ADD COLUMN rejection_advice {text};
ALTER TABLE templates ADD COLUMN pause_reason {text};
ALTER TABLE templates ADD COLUMN pause_words {text};
ALTER TABLE templates ADD COLUMN ttl_seconds {int};
ALTER TABLE templates ADD COLUMN header_media {id};
ALTER TABLE templates ADD COLUMN edit {text};
ALTER TABLE templates ADD COLUMN refusal {text};
ALTER TABLE templates ADD COLUMN submitting_at {int};
ALTER TABLE templates ADD COLUMN submitted_at {int};
ALTER TABLE templates ADD COLUMN submitted_by {text};
ALTER TABLE templates ADD COLUMN created_by {text};
ALTER TABLE templates ADD COLUMN updated_at {int};
ALTER TABLE templates ADD COLUMN revision {int} NOT NULL DEFAULT 0;
ALTER TABLE templates ADD COLUMN versions {int} NOT NULL DEFAULT 0;

-- What a template said, from its first submission on. origin: here, meta. counted: it was approved when it was
-- changed, so that the change counts into Meta's limits of edits.
CREATE TABLE template_versions (
    workspace_id     {id}   NOT NULL,
    template_id      {id}   NOT NULL,
    no               {int}  NOT NULL,
    at               {int}  NOT NULL,
    origin           {text} NOT NULL,
    actor            {text},
    counted          {int}  NOT NULL,
    category         {text} NOT NULL,
    parameter_format {text} NOT NULL,
    components       {text} NOT NULL,
    ttl_seconds      {int},
    PRIMARY KEY (workspace_id, template_id, no),
    FOREIGN KEY (workspace_id, template_id) REFERENCES templates (workspace_id, id)
){strict};
