// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

/** What the recorder tells of a fragment, and its hash if that is known; reused from call to call. */
final class FragmentFacts {
    long startUs;
    long durationUs;
    boolean key;
    int accessUnits;
    byte[] hash = HashChain.UNKNOWN;
}
