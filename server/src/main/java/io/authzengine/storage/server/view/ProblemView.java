package io.authzengine.storage.server.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused (RFC 9457).
 *
 * @param type always {@code about:blank}: the status says what sort of problem it is
 * @param title the name of the status
 * @param status the HTTP status
 * @param detail what was wrong with this request and what to do
 * @param instance the path that was asked for
 * @param findings what keeps the policy from being served; null if that is not the problem
 * @param code what programs tell problems apart by, such as {@code POLICY_NOT_FOUND}
 */
public record ProblemView(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        @Nullable List<FindingView> findings,
        String code) {}
