package io.authzengine.storage.driver.composite;

class LastWinsContractTest extends CompositeContractTest {
    LastWinsContractTest() {
        super(MergeStrategy.LAST_WINS);
    }
}
