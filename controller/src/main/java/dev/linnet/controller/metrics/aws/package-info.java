/** As much of AWS as asking CloudWatch takes: who we are there, and the signature that says so. */
@NullMarked
package dev.linnet.controller.metrics.aws;

import org.jspecify.annotations.NullMarked;
