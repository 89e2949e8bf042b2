// SPDX-License-Identifier: Apache-2.0
/**
 * Other servers that users know: {@code /api/v1/known-servers}.
 *
 * <p>Does: gives and takes each user's own list, and asks those of it whether they answer. Does not: sign in anywhere, nor
 * carry anything from one to another. Start reading at {@link org.nxvms.cameras.server.KnownServersResource}.
 */
package org.nxvms.cameras.server;
