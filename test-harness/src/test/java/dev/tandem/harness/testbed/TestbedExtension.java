package dev.tandem.harness.testbed;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes the bed of {@link OnTestbed}; JUnit closes it, as everything in its store that can be closed. */
final class TestbedExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {

    private static final Namespace STORE = Namespace.create(TestbedExtension.class);

    /** The program that the build has just made. */
    static Path home() {
        return Path.of("../deploy").toAbsolutePath().normalize();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return TestbedRights.missingForBed()
                .map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("all rights are there"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        String file =
                context.getRequiredTestClass().getAnnotation(OnTestbed.class).value();
        Testbed bed = Testbed.start(TestbedSpec.read(home().resolve(file)), home(), (name, text) -> {});
        context.getStore(STORE).put(Testbed.class, bed);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Testbed.class;
    }

    @Override
    public Testbed resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(STORE).get(Testbed.class, Testbed.class);
    }
}
