/** Runs releases: an ordinary client of any Kubernetes API. */
@NullMarked
package dev.linnet.controller;

import org.jspecify.annotations.NullMarked;
