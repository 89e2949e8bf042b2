// SPDX-License-Identifier: Apache-2.0
/**
 * Who did what, kept so that nobody can change it unseen.
 *
 * <p>Does: take notes of sensitive actions, the port to where they are stored, verifying them. Does not: decide what is
 * allowed, tell others (events do). Start reading at {@link org.nxvms.platform.api.audit.AuditTrail}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.audit;
