# Runs in the workspace's home, in a VM that is there for one fire.
cd ~ && mkdir -p reports
echo "kept for $KEEP_DAYS days" > "reports/$(date -u +%F).txt"
find reports -type f -mtime "+$KEEP_DAYS" -delete
