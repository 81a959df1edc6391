package io.authzengine.storage.faults;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Calls of this method, or of all methods of this type, run under a fault policy, if they are made through {@link Faults#bind}. What
 * stands at a method counts before what stands at its type, and what stands at the interface before what stands at the class.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Fault {
    /** The policy of the {@link FaultContext} around the call. */
    String AUTO = "auto";

    /** Returns the name of the policy, looked up at each call. */
    String value() default AUTO;
}
