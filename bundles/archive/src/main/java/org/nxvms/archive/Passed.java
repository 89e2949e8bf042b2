// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

/**
 * How far locked footage was passed by: what lies before need not be looked at again while the locks are the same. Now
 * and then it is, for what came later and is older.
 */
record Passed(int version, long untilNanos, long expiredUs, long olderUs, long unkeptUs, long oldestUs) {
    Passed expired(long us) {
        return new Passed(version, untilNanos, us, olderUs, unkeptUs, oldestUs);
    }

    Passed older(long us) {
        return new Passed(version, untilNanos, expiredUs, us, unkeptUs, oldestUs);
    }

    Passed unkept(long us) {
        return new Passed(version, untilNanos, expiredUs, olderUs, us, oldestUs);
    }

    Passed oldest(long us) {
        return new Passed(version, untilNanos, expiredUs, olderUs, unkeptUs, us);
    }
}
