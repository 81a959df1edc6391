/**
 * Policies from files and directories, watched.
 *
 * <p><b>Location:</b> the path as configured, {@code /}, and the path below it. <b>Token:</b> size, time of modification, time of
 * change and inode; a file that was changed less than two seconds before it was looked at is read again at the next look, as
 * the clock of the file system may not tell two edits apart. <b>Revision:</b> a number of this driver's own, without meaning after a
 * restart. <b>Change set:</b> all that has changed when nothing has changed for {@code watchQuietPeriod}, or {@code watchDebounce}
 * after the first change.
 *
 * <p>Events only tell when to look. A look that the events asked for is at the paths they named; every other look, and at least one each
 * {@code rescanInterval}, is at everything. Where a file was written to less than {@code watchQuietPeriod} ago the look waits
 * that long once; a file that is then still being written to stays as it was. That cannot tell a writer that pauses from
 * one that is done: programs had better write with {@link io.authzengine.storage.driver.filesystem.AtomicFiles} or as it does.
 *
 * <p>A look that meets a new directory goes on, for {@code watchDebounce} at most, until it has seen the same twice a quiet period
 * apart. A root directory that was replaced by one that lacks documents may be one that somebody is about to fill: it is held back until
 * nothing is missing, or until it has held the same documents for {@code rescanInterval}. A link that leads elsewhere is taken at once.
 *
 * <p>Links are followed as long as they stay within their root, as those of a mounted ConfigMap do. Files are opened name by name
 * without links, so that none leads elsewhere between the check and the reading.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code paths}</td><td>required</td><td>directories and files; relative ones start from the configuration file</td></tr>
 * <tr><td>{@code extensions}</td><td>{@code .yaml .yml .json}</td><td>endings of documents' names, in any case</td></tr>
 * <tr><td>{@code recursive}</td><td>{@code true}</td><td>whether to look below subdirectories</td></tr>
 * <tr><td>{@code exclude}</td><td>{@code node_modules}, {@code .git}</td><td>patterns of paths to leave out</td></tr>
 * <tr><td>{@code watch}</td><td>{@code true}</td><td>whether to use the system's events</td></tr>
 * <tr><td>{@code watchQuietPeriod}</td><td>50 ms</td><td>how long all must be quiet before changes are taken up</td></tr>
 * <tr><td>{@code watchDebounce}</td><td>1000 ms</td><td>how long a change is held back at most</td></tr>
 * <tr><td>{@code rescanInterval}</td><td>30 s</td><td>time between looks at everything</td></tr>
 * <tr><td>{@code callTimeout}</td><td>30 s</td><td>deadline of a look and of a reading</td></tr>
 * <tr><td>{@code id}</td><td>{@code fs-} and a digest of the paths</td><td>name of the driver</td></tr>
 * </table>
 *
 * <p>Read {@code FilesystemSource} first, then {@code Looks}, which makes the manifests, {@code TreeScan} and {@code PartialScan}, which
 * find out what there is, and {@code Hints} with {@code DirectoryWatch}, which hear of changes.
 */
@NullMarked
package io.authzengine.storage.driver.filesystem;

import org.jspecify.annotations.NullMarked;
