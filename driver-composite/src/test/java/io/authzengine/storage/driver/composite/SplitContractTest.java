package io.authzengine.storage.driver.composite;

import io.authzengine.storage.testkit.InMemorySource;

/** Documents in two drivers by their names, and one policy in both is an error. */
class SplitContractTest extends CompositeContractTest {
    SplitContractTest() {
        super(MergeStrategy.REJECT);
    }

    @Override
    InMemorySource backend(String name) {
        return name.startsWith("a-") || name.startsWith("n") ? first() : second();
    }

    @Override
    protected void breakDown() {
        first().goAway();
        second().goAway();
    }

    @Override
    protected void heal() {
        first().comeBack();
        second().comeBack();
    }
}
