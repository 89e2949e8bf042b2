// SPDX-License-Identifier: Apache-2.0
/**
 * Does: lets Karaf's shell know who calls on Java versions where {@code Subject.getSubject} refuses to answer (23 and
 * newer), by exchanging three calls in five named classes of Karaf while they are loaded. Does not: change anything on a
 * Java that still answers; know Karaf but by the names of those classes. Start reading at {@link
 * org.nxvms.karaf.subject.SubjectActivator}. Why, and when to delete it: docs/adr/0029-karaf-on-new-java.md.
 */
package org.nxvms.karaf.subject;
