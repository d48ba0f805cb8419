"""Attainment, scales, states and the skeletons of plans; no tables here."""
