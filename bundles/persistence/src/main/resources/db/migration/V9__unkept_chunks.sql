-- SPDX-License-Identifier: Apache-2.0
-- Whether any chunk of a volume is past its minimum of days: retention asks at each turn while room is needed, and
-- without this it read all rows of the volume when there was none.
create index chunk_volume_keep on chunk (volume_id, keep_until_us, start_us);
