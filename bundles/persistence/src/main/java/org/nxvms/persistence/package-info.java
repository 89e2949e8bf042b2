// SPDX-License-Identifier: Apache-2.0
/**
 * The relational store.
 *
 * <p>Does: implements the store ports of the platform's contracts with EclipseLink, on H2 or PostgreSQL, and
 * brings the schema up to date before anybody sees the database. Does not: decide anything. Start reading
 * at {@link org.nxvms.persistence.Transactions}; the schema is {@code db/migration}.
 */
package org.nxvms.persistence;
