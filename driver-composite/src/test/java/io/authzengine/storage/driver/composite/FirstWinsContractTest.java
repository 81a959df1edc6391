package io.authzengine.storage.driver.composite;

class FirstWinsContractTest extends CompositeContractTest {
    FirstWinsContractTest() {
        super(MergeStrategy.FIRST_WINS);
    }
}
