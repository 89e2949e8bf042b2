// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/** Privacy masks that say yes. */
final class MaskFlaws {
    static final Map<String, Flaw> BY_RULE = Map.of(
            "masks.described", visit -> offering(visit, new Careless(0)),
            "masks.created", visit -> offering(visit, new Careless(3)),
            "masks.changed", visit -> offering(visit, new Careless(3)),
            "masks.removed", visit -> offering(visit, new Forgetful()),
            "masks.full", visit -> offering(visit, new Careless(3)),
            "masks.shape", visit -> offering(visit, new Careless(3)),
            "masks.unknown", visit -> offering(visit, new Careless(3)));

    /** Whose answer is what was asked for, whatever that is, and who hides nothing. */
    private static class Careless implements PrivacyMasks {
        private final int masksMax;

        /** @param masksMax 0 for one who masks no stream */
        Careless(int masksMax) {
            this.masksMax = masksMax;
        }

        @Override
        public Options options() {
            return new Options(
                    Math.max(1, masksMax),
                    8,
                    false,
                    List.of(MaskSettings.Kind.COLOR),
                    false,
                    List.of(),
                    false,
                    masksMax == 0 ? Set.of() : Set.of(StreamRole.MAIN));
        }

        @Override
        public List<Mask> masks() {
            return List.of();
        }

        @Override
        public Mask create(MaskSettings wanted) {
            return new Mask("1", wanted);
        }

        @Override
        public Mask change(String token, MaskSettings wanted) {
            return new Mask(token, wanted);
        }

        @Override
        public void remove(String token) {}
    }

    /** Who keeps what was to be removed. */
    private static final class Forgetful extends Careless {
        private final List<Mask> all = new ArrayList<>();

        Forgetful() {
            super(3);
        }

        @Override
        public List<Mask> masks() {
            return List.copyOf(all);
        }

        @Override
        public Mask create(MaskSettings wanted) {
            Mask made = new Mask("mask " + all.size(), wanted);
            all.add(made);
            return made;
        }
    }

    private MaskFlaws() {}

    private static Object offering(Visit visit, PrivacyMasks masks) throws Throwable {
        return visit.is("capability") && visit.argument(0) == PrivacyMasks.class ? Optional.of(masks) : visit.go();
    }
}
