/** What a webhook asks to be run: commands, charts and processes elsewhere. */
@NullMarked
package dev.linnet.loadtester.task;

import org.jspecify.annotations.NullMarked;
