package io.authzengine.storage.server.view;

import java.util.List;

/**
 * The outcome of a validation.
 *
 * @param findings ordered by place
 * @param files how many documents were looked at
 * @param policies how many policies they hold
 * @param errors how many findings are errors
 * @param warnings how many findings are warnings
 */
public record ValidationView(List<FindingView> findings, int files, int policies, long errors, long warnings) {}
