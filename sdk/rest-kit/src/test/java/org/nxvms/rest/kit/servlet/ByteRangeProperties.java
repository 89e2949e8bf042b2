// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class ByteRangeProperties {
    @Property
    void neverReachesOutsideWhateverIsAsked(
            @ForAll @StringLength(max = 40) String tail, @ForAll @LongRange(max = 5_000) long size) {
        check(ByteRange.of("bytes=" + tail, size), size);
    }

    @Property
    void aPartIsWhatSetArithmeticSays(
            @ForAll @LongRange(max = 200) long first,
            @ForAll @LongRange(max = 200) long last,
            @ForAll @LongRange(max = 150) long size) {
        ByteRange range = ByteRange.of("bytes=" + first + "-" + last, size);
        check(range, size);
        if (last >= first) {
            long expected = Math.max(0, Math.min(last, size - 1) - first + 1);
            assertThat(range.length()).isEqualTo(expected);
        } else {
            assertThat(range.kind()).isEqualTo(ByteRange.Kind.WHOLE);
        }
    }

    private static void check(ByteRange range, long size) {
        assertThat(range.first()).isBetween(0L, size);
        assertThat(range.length()).isBetween(0L, size);
        assertThat(range.first() + range.length()).isLessThanOrEqualTo(size);
        if (range.kind() == ByteRange.Kind.PART) {
            assertThat(range.length()).isPositive();
        }
    }
}
