// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import java.util.Optional;

/** What has ended at the provider: one session, or all of a user. One of both is there at least. */
public record Ended(Optional<String> subject, Optional<String> session) {}
