package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.OpenLoop.Failure;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What is put under load: the system under test.
 *
 * @param send sends the query of that number, from 0
 * @param judge says of the failure of a query what it means
 * @param answerDeadline longest time without any answer
 */
public record LoadTarget(
        IntFunction<CompletionStage<Object>> send, Function<Throwable, Failure> judge, Duration answerDeadline) {}
