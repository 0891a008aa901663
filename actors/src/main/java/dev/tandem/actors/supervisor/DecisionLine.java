package dev.tandem.actors.supervisor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A line of a {@link DecisionFile}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "line")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Look.Subject.class, name = "model"),
    @JsonSubTypes.Type(value = Look.class, name = "look")
})
sealed interface DecisionLine permits Look, Look.Subject {}
