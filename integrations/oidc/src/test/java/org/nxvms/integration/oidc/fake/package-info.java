// SPDX-License-Identifier: Apache-2.0
/** Neighbours for tests. */
package org.nxvms.integration.oidc.fake;
