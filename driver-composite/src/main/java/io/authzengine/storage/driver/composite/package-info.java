/**
 * Several drivers, one set, every rule with its origin.
 *
 * <p><b>Location, revision:</b> those of the drivers; each policy keeps its provenance, and one that was merged the policies it was merged
 * from. <b>Change set:</b> what is found by the drivers within {@code gatherPeriod}, or in one check.
 *
 * <p>What a driver finds is only a sign to look at what all of them have. Their sets are compared with those taken last, the keys in which
 * they differ are decided anew, and the events are what that changes in what is to be seen. So the order in which drivers answer
 * makes no difference, and a change costs as much as that change.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code drivers}</td><td>required</td><td>blocks of drivers, in order of priority</td></tr>
 * <tr><td>{@code drivers[].required}</td><td>{@code true}</td><td>whether anything is served before it has loaded</td></tr>
 * <tr><td>{@code drivers[].priority}</td><td>0</td><td>higher ones come first, equal ones as written</td></tr>
 * <tr><td>{@code drivers[].loadTimeout}</td><td>60 s</td><td>how long to wait for a look</td></tr>
 * <tr><td>{@code mergeStrategy}</td><td>{@code first-wins}</td><td>what becomes of policies that several drivers have</td></tr>
 * <tr><td>{@code conflictKey}</td><td>{@code id}</td><td>when policies are about the same: {@code id} or {@code name}</td></tr>
 * <tr><td>{@code conflictResolver}</td><td>none</td><td>{@code highest-version} or {@code newest}</td></tr>
 * <tr><td>{@code byKind}</td><td>none</td><td>a strategy or resolver for single kinds of policy</td></tr>
 * <tr><td>{@code gatherPeriod}</td><td>50 ms</td><td>how long a change waits for those of other drivers</td></tr>
 * <tr><td>{@code id}</td><td>{@code composite-} and a digest</td><td>name of the driver</td></tr>
 * </table>
 *
 * <p>Read {@code CompositeDriver} first, then {@code Intake}, which takes in what the drivers have, {@code Snapshots}, which puts it together, {@code Missing}, which keeps what may not be gone, {@code EffectiveView}, which keeps
 * up what is to be seen, {@code Arbiter}, which decides, and {@code ContentMerge}, which holds the laws of merging.
 */
@NullMarked
package io.authzengine.storage.driver.composite;

import org.jspecify.annotations.NullMarked;
