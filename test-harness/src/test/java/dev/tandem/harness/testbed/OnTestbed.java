package dev.tandem.harness.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that run on one test bed, which is up before the first and gone after the last; a parameter of type {@link Testbed}
 * is that bed. Without the rights to make one they are skipped, with the reason.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestbedExtension.class)
public @interface OnTestbed {

    /** File that describes the machines, relative to the folder {@code deploy}. */
    String value();
}
