package io.authzengine.storage.driver.composite;

class DenyOverridesContractTest extends CompositeContractTest {
    DenyOverridesContractTest() {
        super(MergeStrategy.DENY_OVERRIDES);
    }
}
