// SPDX-License-Identifier: Apache-2.0
/**
 * Requests below {@code /api} that no REST application answers, and below {@code /media} while what serves media is away.
 *
 * <p>Does: answers them with a problem, after credentials. Does not: serve anything. Start reading at {@link
 * org.nxvms.rest.nowhere.NoSuchPath}.
 */
package org.nxvms.rest.nowhere;
