// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However an address is written, it is the same address, or is refused for how it is written. */
class AddressRuleProperties {
    private static final AddressRule STRICT = new AddressRule(false, false);

    @Property
    void noNotationOfAnIpv4AddressGetsPastItsPlainOne(
            @ForAll("addresses") int bits, @ForAll @IntRange(min = 1, max = 4) int parts, @ForAll("bases") String bases)
            throws UnknownHostException {
        InetAddress plain = address(bits);
        String written = written(bits, parts, bases);

        assertThat(AddressRule.written(written)).as(written).contains(plain);
        if (written.equals(plain.getHostAddress())) {
            assertThat(STRICT.refusalOf(written)).isEqualTo(STRICT.refusal(plain));
        } else {
            assertThat(STRICT.refusalOf(written)).as(written).contains(Refusal.ODD_NOTATION);
        }
    }

    @Property
    void anIpv6AddressThatLeadsToAnIpv4AddressIsJudgedAsThat(
            @ForAll("addresses") int bits, @ForAll("wrappings") String wrapping) throws UnknownHostException {
        String host = String.format(Locale.ROOT, wrapping, bits >>> 16, bits & 0xFFFF);
        // ::0.0.0.1 is IPv6's own loopback, not an IPv4 address.
        if (bits != 1) {
            assertThat(STRICT.refusalOf(host)).as(host).isEqualTo(STRICT.refusal(address(bits)));
        }
    }

    @Provide
    Arbitrary<Integer> addresses() {
        return Arbitraries.oneOf(
                Arbitraries.integers(),
                Arbitraries.of(0x7F000001, 0xA9FEA9FE, 0xA9FE0707, 0x0A010203, 0xE0000001, 0xFFFFFFFF, 0, 0x646464C8));
    }

    @Provide
    Arbitrary<String> bases() {
        return Arbitraries.strings().withChars('d', 'o', 'x').ofLength(4);
    }

    @Provide
    Arbitrary<String> wrappings() {
        return Arbitraries.of("::ffff:%x:%x", "[::%x:%x]", "64:ff9b::%x:%x", "2002:%x:%x::1");
    }

    private static InetAddress address(int bits) throws UnknownHostException {
        return InetAddress.getByAddress(
                new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }

    private static String written(int bits, int parts, String bases) {
        StringBuilder text = new StringBuilder();
        long left = bits & 0xFFFFFFFFL;
        for (int i = 0; i < parts; i++) {
            int widthBits = 8 * (4 - i);
            long value = i == parts - 1 ? left : left >> widthBits - 8;
            left &= (1L << widthBits - 8) - 1;
            text.append(i == 0 ? "" : ".")
                    .append(
                            switch (bases.charAt(i)) {
                                case 'x' -> "0x" + Long.toHexString(value);
                                case 'o' -> value == 0 ? "0" : "0" + Long.toOctalString(value);
                                default -> Long.toString(value);
                            });
        }
        return text.toString();
    }
}
