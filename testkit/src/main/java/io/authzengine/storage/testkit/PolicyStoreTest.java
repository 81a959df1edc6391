package io.authzengine.storage.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of this class ask for a {@link SimulatedStore}, or for the {@code PolicyStore} in it, as a parameter, and get one of their own; see
 * {@link PolicyStoreExtension}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(PolicyStoreExtension.class)
public @interface PolicyStoreTest {}
