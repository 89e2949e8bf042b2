-- SPDX-License-Identifier: Apache-2.0
-- The newest chunk of a stream is one step along this index. H2 cannot walk an index backwards: with the
-- ascending one it read every chunk of the stream to find the last.
create index chunk_stream_newest on chunk (camera_id, stream, end_us desc);
