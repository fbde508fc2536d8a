package io.qrsaas.connect.events;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The event types a sink takes, known by their own names and by those of their schemas' records. */
final class EventTypes {
  private static final String NAMESPACE = "io.qrsaas.events.";

  private final Set<String> names;
  private final Set<String> recordNames;

  /** @param names dotted, e.g. {@code analytics.rollup.updated} */
  EventTypes(Collection<String> names) {
    this.names = Set.copyOf(names);
    recordNames = names.stream().map(EventTypes::folded).collect(Collectors.toUnmodifiableSet());
  }

  boolean take(String eventType) {
    return names.contains(eventType);
  }

  /** @param recordName full name of the writer's schema, e.g. {@code io.qrsaas.events.AnalyticsRollupUpdated} */
  boolean takeRecordsOf(String recordName) {
    return recordName != null
        && recordName.startsWith(NAMESPACE)
        && recordNames.contains(folded(recordName.substring(NAMESPACE.length())));
  }

  /** A type's schema is named by the words of the type: {@code team.member.role_changed}, {@code TeamMemberRoleChanged}. */
  private static String folded(String name) {
    return name.replaceAll("[._]", "").toLowerCase(Locale.ROOT);
  }
}
