/**
 * The scenarios of MLPerf Inference: how queries arrive, for how long, and when a result counts. Start at
 * {@link dev.tandem.deploy.load.scenario.Goal}, which says what is asked, and {@link
 * dev.tandem.deploy.load.scenario.ScenarioResult}, which says what came of it. Rules: {@code inference_rules.adoc} of {@code
 * mlcommons/inference_policies}.
 */
@NullMarked
package dev.tandem.deploy.load.scenario;

import org.jspecify.annotations.NullMarked;
