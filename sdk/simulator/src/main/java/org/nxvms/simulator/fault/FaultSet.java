// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The faults a camera has at one moment. Immutable. */
public final class FaultSet {
    public static final FaultSet NONE = new FaultSet(new EnumMap<>(FaultKind.class));

    private final EnumMap<FaultKind, Fault> faults;

    private FaultSet(EnumMap<FaultKind, Fault> faults) {
        this.faults = faults;
    }

    public static FaultSet of(Collection<Fault> faults) {
        FaultSet set = NONE;
        for (Fault fault : faults) {
            set = set.with(fault);
        }
        return set;
    }

    public boolean has(FaultKind kind) {
        return faults.containsKey(kind);
    }

    /** The number of a fault that is set; 0 if it is not. */
    public long value(FaultKind kind) {
        Fault fault = faults.get(kind);
        return fault == null ? 0 : fault.value();
    }

    public List<Fault> list() {
        return new ArrayList<>(faults.values());
    }

    public boolean isEmpty() {
        return faults.isEmpty();
    }

    public FaultSet with(Fault fault) {
        EnumMap<FaultKind, Fault> copy = new EnumMap<>(faults);
        copy.put(fault.kind(), fault);
        return new FaultSet(copy);
    }

    public FaultSet without(FaultKind kind) {
        EnumMap<FaultKind, Fault> copy = new EnumMap<>(faults);
        copy.remove(kind);
        return new FaultSet(copy);
    }

    @Override
    public String toString() {
        Map<FaultKind, Fault> view = faults;
        return view.values().toString();
    }
}
