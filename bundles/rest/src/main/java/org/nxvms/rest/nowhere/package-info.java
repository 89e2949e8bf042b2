// SPDX-License-Identifier: Apache-2.0
/**
 * Requests below {@code /api} that no REST application answers, below {@code /media} while what serves media is away, and those
 * that no servlet context answers.
 *
 * <p>Does: answers them with a problem, below {@code /api} and {@code /media} after credentials; leads {@code /} to the console. Does not: serve anything. Start reading at {@link
 * org.nxvms.rest.nowhere.NoSuchPath}.
 */
package org.nxvms.rest.nowhere;
