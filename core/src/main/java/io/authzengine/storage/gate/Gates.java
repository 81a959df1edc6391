package io.authzengine.storage.gate;

import java.util.List;

/** Makes the built-in gates. */
public final class Gates {
    private Gates() {}

    /** Returns the gates that look at documents and at what they refer to, in the order in which they are asked. */
    public static List<PolicyGate> standard() {
        return List.of(new StructureGate(), new ReferenceGate());
    }

    /**
     * Returns the gate that holds back a set which lost too much at once.
     *
     * @param maxRemovedShare share of the policies that may disappear, 0 to 1
     * @param minRemoved number of policies that may disappear whatever their share; emptying a set is always held back
     */
    public static PolicyGate shrinkGuard(double maxRemovedShare, int minRemoved) {
        return new ShrinkGuard(maxRemovedShare, minRemoved);
    }
}
