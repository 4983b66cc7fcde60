/** HTTP: who is let in, which page is shown, what changes while it is looked at. */
@NullMarked
package dev.linnet.console.web;

import org.jspecify.annotations.NullMarked;
