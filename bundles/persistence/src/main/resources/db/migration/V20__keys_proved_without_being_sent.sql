-- SPDX-License-Identifier: Apache-2.0
-- What proves an API key that is not sent itself (Digest, RFC 7616): two hashes over it, sealed with keys/vault.key. Null for
-- keys made before.
alter table api_key add column digest varchar(512);
